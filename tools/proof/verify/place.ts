export const STAGE = 'verify';
export const STACK = `veriff-status-receiver-${STAGE}`;
export const isEmulated = process.env.AWS_ENDPOINT_URL !== undefined;
