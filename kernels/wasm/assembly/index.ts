export { assignRows, ownDistances, renumber, settleBounds } from './kmeans-assign';
export { seedBounds, seedFirst, seedTake, seedTry } from './kmeans-seed';
export { largestMagnitude, largestSquare, sumRows, toGrid, toUnits } from './prepare-points';
export { addSilhouetteSums } from './silhouette-sums';
export { missWithout, twoNearest } from './swap-search';
