// A map made for disagreement: short walls whose overhangs block, corners, gaps of one slice, no border.

const walls = [
  // [letter, column, row, columns, rows]
  // The wood: pillars and short walls, whose strips reach some slices further, and 5 px beyond that.
  ['C', 18, 3, 1, 1], ['W', 22, 4, 2, 1], ['M', 28, 3, 1, 1], ['G', 32, 4, 1, 2], ['C', 36, 3, 1, 1],
  ['M', 20, 7, 1, 2], ['C', 24, 8, 1, 1], ['W', 27, 7, 3, 1], ['C', 33, 8, 1, 1], ['W', 37, 7, 1, 3],
  ['G', 17, 12, 2, 1], ['C', 22, 12, 1, 1], ['M', 26, 11, 1, 2], ['C', 30, 12, 1, 1], ['C', 34, 12, 2, 1],
  ['W', 20, 15, 1, 1], ['C', 24, 15, 2, 1], ['M', 28, 16, 1, 1], ['G', 32, 15, 1, 3], ['W', 36, 16, 1, 1],
  ['C', 8, 8, 1, 1],    // in the way of who walks from the corner of the arena along the diagonal
  ['C', 12, 8, 1, 5],   // a whole wall
  ['C', 38, 20, 5, 1],  // a corner
  ['C', 43, 21, 1, 4],
  ['G', 10, 18, 5, 1],  // glass to shoot through
  ['M', 5, 18, 5, 1],
  ['M', 15, 18, 5, 1],
];

/** Red starts in the west, blue far away in the east. */
export function courtRows() {
  const rows = Array.from({ length: 27 }, () => '.'.repeat(48).split(''));
  for (const [letter, column, row, columns, high] of walls) {
    for (let y = row; y < row + high; y += 1) for (let x = column; x < column + columns; x += 1) rows[y][x] = letter;
  }
  rows[4][4] = 'r';
  rows[13][45] = 'b';
  return rows.map((row) => row.join(''));
}

/** Numbers that are the same in every run. */
export function dice(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
