/** Puts `around` between a method and its callers; what hangs on the method (such as its promise form) stays. */
export function wrap(
  target: object,
  name: string | symbol,
  around: (call: () => unknown, args: unknown[], self: unknown) => unknown,
): void {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== "function") throw new TypeError(`there is no ${String(name)} to wrap`);
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    return around(() => Reflect.apply(original, this, args), args, this);
  };
  for (const key of Reflect.ownKeys(original)) {
    const own = Object.getOwnPropertyDescriptor(original, key);
    if (own !== undefined && typeof key === "symbol") Object.defineProperty(wrapped, key, own);
  }
  Object.defineProperty(target, name, { value: wrapped, configurable: true, writable: true, enumerable: true });
}
