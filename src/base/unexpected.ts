/** Where errors go that nobody waits for: of listeners, of work that was started and left alone. */

type Handler = (error: unknown) => void;

/** Until somebody says otherwise such an error is thrown where the process sees it. */
let handle: Handler = (error) => {
  setTimeout(() => {
    throw error;
  });
};

/** Says where they go: to the log, and to a person where one can read them. One place for a process. */
export function setUnexpectedErrorHandler(handler: Handler): void {
  handle = handler;
}

/** Tells of an error that nobody waits for. Never throws itself. */
export function onUnexpectedError(error: unknown): void {
  handle(error);
}
