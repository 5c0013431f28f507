export { assignRows, ownDistances, renumber, settleBounds } from './kmeans-assign';
export { seedBounds, seedFirst, seedTake, seedTry } from './kmeans-seed';
export { halve, orderRows } from './knn-order';
export { layOutTiles, projectRows } from './knn-project';
export { walkQuery } from './knn-query';
export { startQuery, walkNearby, walkPairs, walkQueries } from './knn-walk';
export { largestMagnitude, largestSquare, sumRows, toGrid, toUnits } from './prepare-points';
export { addSilhouetteSums } from './silhouette-sums';
export { missWithout, twoNearest } from './swap-search';
