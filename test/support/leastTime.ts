/** The least time that work took of several runs, milliseconds: others on the machine make a run longer, never shorter. */
export function leastTime(work: () => void, runs = 5): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    work();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}
