import { setGlobalProxyFromEnv } from "node:http";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

/**
 * Sends everything this process fetches to the sandbox, as `HTTPS_PROXY`, `NODE_USE_ENV_PROXY` and
 * `NODE_EXTRA_CA_CERTS` do for a process of its own. Undone on disposal, so one sandbox at a time.
 */
export function enterSandboxNetwork(sandbox: { readonly proxyUrl: string; readonly caPem: string }): Disposable {
  const names = ["HTTPS_PROXY", "https_proxy"] as const;
  const before = names.map((name) => [name, process.env[name]] as const);
  const certificates = getCACertificates("default");
  for (const name of names) process.env[name] = sandbox.proxyUrl;
  setDefaultCACertificates([...certificates, sandbox.caPem]);
  const restoreProxy = setGlobalProxyFromEnv({ https_proxy: sandbox.proxyUrl });
  return {
    [Symbol.dispose]: () => {
      restoreProxy();
      setDefaultCACertificates(certificates);
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    },
  };
}
