import "@/theme/theme.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";

import { loadConfig } from "@/api/config";
import { createQueryClient } from "@/api/queries";
import { restore } from "@/api/session";
import { startLanguage } from "@/i18n/i18n";
import { startTheme } from "@/theme/theme";

import { AREAS } from "./areas";
import { Gate } from "./Gate";

startTheme();
// What customers see comes while the sign-in is restored or written.
void import("./Portal");
await Promise.all([startLanguage(AREAS), loadConfig()]);
void restore();

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <QueryClientProvider client={createQueryClient()}>
      <Gate />
    </QueryClientProvider>,
  );
}
