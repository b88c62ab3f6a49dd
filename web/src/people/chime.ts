/** However much comes at once, it sounds once. */
const PAUSE_MS = 3_000;
let last = -PAUSE_MS;

/** Two short tones, made here: nothing is fetched. */
export function chime(): void {
  // Before the user has done anything here, the browser allows no sound.
  if (performance.now() - last < PAUSE_MS || !navigator.userActivation.hasBeenActive) return;
  last = performance.now();
  const audio = new AudioContext();
  const volume = audio.createGain();
  volume.connect(audio.destination);
  volume.gain.setValueAtTime(0.08, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4);
  for (const [start, pitch] of [
    [0, 660],
    [0.12, 880],
  ] as const) {
    const tone = audio.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(volume);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + 0.2);
  }
  setTimeout(() => void audio.close(), 1_000);
}
