import * as v from 'valibot';

export const STAGE = 'verify';
export const STACK = `veriff-status-receiver-${STAGE}`;

/** Of an emulated account, where it is one. */
export const { AWS_ENDPOINT_URL: endpoint } = v.parse(
  v.object({ AWS_ENDPOINT_URL: v.optional(v.string()) }),
  process.env,
);
export const isEmulated = endpoint !== undefined;
