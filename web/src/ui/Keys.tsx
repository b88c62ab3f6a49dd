/** A key, or several pressed one after another (`G I`) or together (`Ctrl+K`). */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="inline-flex gap-0.5">
      {keys.split(" ").map((key) => (
        <kbd key={key} className="rounded border border-current/40 px-1 font-sans text-[0.6875rem] leading-4">
          {key}
        </kbd>
      ))}
    </span>
  );
}
