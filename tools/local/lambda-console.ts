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
      const timestamp = new Date().toISOString();
      const line = { timestamp, level: level.toUpperCase(), requestId: requestId() };
      const text = format(...values);
      process.stdout.write(
        `${toJson({ ...line, message: values.length === 1 ? values[0] : text }, { ...line, message: text })}\n`,
      );
    };
  }
  console.log = console.info;
}

/** The second one when JSON cannot hold the first: circles, for example. */
function toJson(line: object, otherwise: object): string {
  try {
    return JSON.stringify(line, describeError);
  } catch {
    return JSON.stringify(otherwise);
  }
}

/** An error's own properties are printed, too, as Lambda does: one must not be logged as it is. */
function describeError(_name: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { message: errorMessage, stack } = value;
  return { errorType: value.constructor.name, errorMessage, stackTrace: stack?.split('\n'), ...value };
}
