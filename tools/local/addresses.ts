/** The local stack's Region; the credentials are plainly nobody's, its services take any. */
export const REGION = 'us-east-1';
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** How a client of the AWS SDK reaches a service of the local stack, whatever the environment says of AWS. */
export function localClient(endpoint: string) {
  return {
    endpoint,
    region: REGION,
    credentials: CREDENTIALS,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  };
}

/** The port of the webhook unless told otherwise. */
export const DEFAULT_PORT = 3000;

export function isLoopback(url: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}
