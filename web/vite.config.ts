import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": here("./src") } },
  // The server puts a fresh nonce in its place with every page.
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    target: "es2022",
    manifest: true,
    // An inlined data: URL in a style sheet or page would ask for a laxer policy.
    assetsInlineLimit: 0,
    rolldownOptions: { input: { app: here("./index.html"), portal: here("./portal/index.html") } },
  },
  server: {
    proxy: {
      "/v1": process.env.BATON_WEB__API ?? "http://127.0.0.1:8080",
      "/socket.io": { target: process.env.BATON_WEB__GATEWAY ?? "http://127.0.0.1:8081", ws: true },
    },
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node", testTimeout: 10_000 },
});
