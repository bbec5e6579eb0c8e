import * as http from 'node:http';

const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy, NO_PROXY, no_proxy } = process.env;
/** The variables that `cdk` reads, too. What runs on this machine is never asked for through a proxy. */
const proxyEnv = {
  HTTPS_PROXY: HTTPS_PROXY ?? https_proxy,
  HTTP_PROXY: HTTP_PROXY ?? http_proxy,
  NO_PROXY: [NO_PROXY ?? no_proxy ?? '', 'localhost', '127.0.0.1', '::1']
    .filter((host) => host !== '')
    .join(),
};

/** How every client of AWS reaches it: through the proxy of the environment. */
export const AWS_CLIENT = { requestHandler: { httpsAgent: { proxyEnv }, httpAgent: { proxyEnv } } };

/** Lets `fetch` go through the proxy of the environment. A Node.js before 24.14 can't. */
export function useProxy(): void {
  if ('setGlobalProxyFromEnv' in http) http.setGlobalProxyFromEnv(proxyEnv);
}
