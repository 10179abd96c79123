/** Where something stands: lines and columns begin with 1, as editors count them. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong, where, and by which rule. */
export interface Problem {
  readonly at: Place;
  readonly rule: string;
  readonly message: string;
}

export type Report = (at: Place, rule: string, message: string) => void;

export function format(problem: Problem): string {
  return `${problem.at.file}:${problem.at.line}:${problem.at.column}: [${problem.rule}] ${problem.message}`;
}

/** ` (did you mean 'x'?)` for the nearest name, or nothing where none is near. */
export function suggestion(name: string, known: Iterable<string>): string {
  let best = "";
  let bestDistance = Math.min(3, Math.floor(name.length / 2)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name, candidate, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best === "" ? "" : ` (did you mean '${best}'?)`;
}

function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) >= limit) {
    return limit;
  }
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const changed = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(changed, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? limit;
}
