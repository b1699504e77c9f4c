// Meridians and parallels every ten degrees: the only lines of reference on a
// map that draws no boundary.

import type { FeatureCollection } from "geojson";

const STEP = 10;
const WEST = 60, EAST = 150, SOUTH = 0, NORTH = 60;

/** Lines of the graticule, and labels north and west of China. */
export function graticule(): FeatureCollection {
  const features: FeatureCollection["features"] = [];
  const line = (coordinates: number[][]): void => {
    features.push({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } });
  };
  const label = (coordinates: number[], text: string): void => {
    features.push({ type: "Feature", properties: { label: text }, geometry: { type: "Point", coordinates } });
  };
  for (let lon = WEST; lon <= EAST; lon += STEP) {
    line([[lon, SOUTH], [lon, NORTH]]);
    label([lon, 55], `${lon}°E`);
  }
  for (let lat = SOUTH; lat <= NORTH; lat += STEP) {
    line([[WEST, lat], [EAST, lat]]);
    if (lat > SOUTH && lat < NORTH) label([75, lat], `${lat}°N`);
  }
  return { type: "FeatureCollection", features };
}
