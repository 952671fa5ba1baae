/** The least time of the processor that work took of several runs, milliseconds: others on the machine make a run longer, never shorter. */
export function leastTime(work: () => void, runs = 5): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) least = Math.min(least, processorTime(work));
  return least;
}

/** The time of the processor that work took, milliseconds: unlike that of a clock it does not go on while others have their turn. */
export function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
