import "@/theme/theme.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import i18next from "i18next";
import { createRoot } from "react-dom/client";

import { loadConfig } from "@/api/config";
import { ApiError } from "@/api/problem";
import { createQueryClient } from "@/api/queries";
import { restore } from "@/api/session";
import { startLanguage } from "@/i18n/i18n";
import { startNonce } from "@/theme/nonce";
import { startTheme } from "@/theme/theme";
import { TipProvider } from "@/ui/Tip";
import { tell } from "@/ui/toast";

import { AREAS } from "./areas";
import { startKeyboard } from "./keyboard";
import { Messages } from "./Messages";
import { router } from "./router";

startNonce();
startTheme();
startKeyboard();
await Promise.all([startLanguage(AREAS), loadConfig()]);
void restore();

/** What is said of a change that did not work where its screen says nothing. */
function tellFailure(error: Error): void {
  tell(error instanceof ApiError ? error.problem.detail : i18next.t("notDone"), { tone: "bad" });
}

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <QueryClientProvider client={createQueryClient(tellFailure)}>
      <TipProvider>
        <RouterProvider router={router} />
        <Messages />
      </TipProvider>
    </QueryClientProvider>,
  );
}
