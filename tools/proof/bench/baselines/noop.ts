/** What Node.js and the runtime cost by themselves. */
export const handler = async () => ({ statusCode: 200, body: '{"status":"accepted"}' });
