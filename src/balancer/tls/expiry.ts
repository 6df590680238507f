/** Days before its end from which on a certificate's expiry is told. */
export const EXPIRY_WARNING = 30;
