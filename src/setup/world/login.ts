import {
  type CmClient,
  type CmConnection,
  type CmOptions,
  type CmReader,
  openCloudera,
  readerOf,
} from "../../cloudera/client/client.ts";

/** A reading login that ends with the run's interruption, and can be had again without that: to take changes back. */
export interface Login extends CmReader {
  /** Opens another connection, which no signal ends. Close it when done. */
  reconnect(): Promise<Login>;
}

/** The writing halves of logins; only {@link writerOf} gives them out. */
const writers = new WeakMap<Login, CmClient>();

/** Logs in to Cloudera Manager. @throws Failure as `openCloudera` */
export async function openLogin(connection: CmConnection, options: CmOptions): Promise<Login> {
  const { signal: _interruption, ...lasting } = options;
  const client = await openCloudera(connection, options);
  const login: Login = { ...readerOf(client), reconnect: () => openLogin(connection, lasting) };
  writers.set(login, client);
  return login;
}

/** The same login with its writing half. */
export function writerOf(login: Login): CmClient {
  const client = writers.get(login);
  if (client === undefined) throw new TypeError("this login was not opened by openLogin()");
  return client;
}
