export function QueueWall() {
  return null;
}
