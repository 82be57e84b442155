/**
 * What a hook does with a value that is usually there: it goes on at once then, and the hook costs no
 * turn of the event loop. Otherwise it goes on when the value is.
 */
export function whenKnown<T>(
  value: T | Promise<T>,
  proceed: (error?: Error) => void,
  use: (value: T) => void,
): void {
  const apply = (known: T) => {
    try {
      use(known);
    } catch (error) {
      proceed(error as Error);
      return;
    }
    proceed();
  };
  if (value instanceof Promise) value.then(apply, proceed);
  else apply(value);
}
