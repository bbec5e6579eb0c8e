// Not imported: that would load more of Node.js than Lambda's own runtime does, and the bench measures what is loaded.
const { format } = process.getBuiltinModule('node:util');

/** From the least to the most important; each is a method of the console, too. */
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

/**
 * Makes the console write what Lambda's does when a function logs JSON: a line for each call, with its time, level and
 * request; an object that is the only argument stays one. What is below `AWS_LAMBDA_LOG_LEVEL` is left out.
 * Source: Lambda, "Log and monitor Node.js Lambda functions", and its runtime (aws-lambda-ric 4).
 */
export function lambdaConsole(requestId: () => string): void {
  const { AWS_LAMBDA_LOG_FORMAT: logFormat, AWS_LAMBDA_LOG_LEVEL: least = 'TRACE' } = process.env;
  if (logFormat !== 'JSON') return;
  const from = LEVELS.findIndex((level) => level.toUpperCase() === least.toUpperCase());
  for (const [rank, level] of LEVELS.entries()) {
    console[level] = (...values: unknown[]) => {
      if (rank < from) return;
      const [value] = values;
      const line = {
        timestamp: new Date().toISOString(),
        level: level.toUpperCase(),
        requestId: requestId(),
      };
      const message = values.length === 1 ? value : format(...values);
      process.stdout.write(
        `${toJson({ ...line, message }) ?? JSON.stringify({ ...line, message: format(message) })}\n`,
      );
    };
  }
  console.log = console.info;
}

/** Undefined for what JSON cannot hold: circles, for example. */
function toJson(line: object): string | undefined {
  try {
    return JSON.stringify(line, describeError);
  } catch {
    return undefined;
  }
}

/** An error's own properties are printed, too, as Lambda does: one must not be logged as it is. */
function describeError(_name: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { message, stack } = value;
  return {
    errorType: value.constructor.name,
    errorMessage: message,
    stackTrace: stack?.split('\n'),
    ...value,
  };
}
