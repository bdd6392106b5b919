import { readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";

// Every island is an entry of its own: wangge/<app>/islands/<name>.ts, also in a channel's folder.
// What islands share lives in islands/lib/ and becomes a shared chunk.
const ISLAND = /^(\w+\/){1,3}islands\/[\w-]+\.ts$/;

const islands = readdirSync("wangge", { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => ISLAND.test(path) && !path.endsWith(".test.ts") && !path.endsWith(".d.ts"))
  .map((path) => `wangge/${path}`)
  .sort();

export default defineConfig({
  // Relative, so that the files work under any STATIC_URL.
  base: "./",
  publicDir: false,
  build: {
    outDir: "build/front",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // Fonts and images stay files: the page's policy allows few data: addresses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    // htmx contains an eval that site.ts turns off; the builder need not warn of it each time.
    rolldownOptions: { input: islands, checks: { eval: false } },
  },
  test: {
    environment: "jsdom",
    // One process loads jsdom once for all files; loading it for each took nine tenths of the time.
    pool: "vmThreads",
    include: ["wangge/**/islands/**/*.test.ts"],
    passWithNoTests: true,
  },
});
