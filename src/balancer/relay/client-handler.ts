/**
 * Who handles what a client's socket says. A connection passes its socket from phase to phase; each phase is one of
 * these. After `clientClose` nothing more is told.
 */
export interface ClientHandler {
  /** Bytes from the client. The chunk is the handler's to keep. */
  fromClient(chunk: Buffer): void;
  /** The client has sent FIN. */
  clientEnd(): void;
  /** Why the socket is about to close. */
  clientError(error: Error): void;
  clientClose(hadError: boolean): void;
  /** The client has taken everything that was written to it. */
  clientDrained(): void;
}
