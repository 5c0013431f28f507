export { assignRows, ownDistances } from './kmeans-assign';
export { seedBounds, seedFirst, seedTake, seedTry } from './kmeans-seed';
export { largestMagnitude, sumRows, toGrid } from './prepare-points';
