// Stands for import.meta.url in the bundle, which is CommonJS.
export const __bundle_url = require("node:url").pathToFileURL(__filename).href;
