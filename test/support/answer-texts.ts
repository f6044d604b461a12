/** Every text within an answer, names of members included, with its path. */
export function* textsIn(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value === "string") yield [path, value];
  else if (typeof value === "object" && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      yield [`${path} (name)`, name];
      yield* textsIn(inner, `${path}.${name}`);
    }
  }
}
