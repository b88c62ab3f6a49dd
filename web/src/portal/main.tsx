import "@/theme/theme.css";
