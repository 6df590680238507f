export * from "../domain/catalogue.ts";
