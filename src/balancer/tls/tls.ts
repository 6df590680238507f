/** All of TLS in one place, loaded together where a specification asks for it. */
export { TlsAcceptor } from "./acceptor.ts";
export { TlsDialer } from "./dialer.ts";
export { identityFiles, readIdentity } from "./identity.ts";
export { readTrust, trustFiles } from "./trust.ts";
