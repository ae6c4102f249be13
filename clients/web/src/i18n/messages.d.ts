import type en from "./en.json";

// A text that is not in the catalogue is a type error.
declare module "use-intl" {
  interface AppConfig {
    Messages: typeof en;
  }
}
