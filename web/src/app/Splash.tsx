/** The moment before anything is known. */
export function Splash() {
  return (
    <div className="flex h-dvh items-center justify-center" aria-busy="true">
      <img src="/icon.svg" alt="Baton" width={48} height={48} />
    </div>
  );
}
