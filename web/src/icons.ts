// The map's symbols, drawn here so that no sprite has to be fetched. Shapes
// that take a colour from data are signed distance fields, as MapLibre wants
// them: alpha 192 on the edge, falling by 255 over FIELD pixels outwards.

interface Image { width: number; height: number; data: Uint8ClampedArray }

const SIZE = 48;
const FIELD = 8;

/** Signed distances in pixels from the centre of the image, negative inside. */
type Shape = (x: number, y: number) => number;

const diamond: Shape = (x, y) => (Math.abs(x) + Math.abs(y) - 16) / Math.SQRT2;

const cross: Shape = (x, y) => {
  const [u, v] = [Math.abs(x + y) / Math.SQRT2, Math.abs(x - y) / Math.SQRT2];
  return Math.min(Math.max(u - 15, v - 4), Math.max(v - 15, u - 4));
};

function field(shape: Shape): Image {
  const data = new Uint8ClampedArray(SIZE * SIZE * 4);
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const d = shape(column - SIZE / 2 + 0.5, row - SIZE / 2 + 0.5);
      data[(row * SIZE + column) * 4 + 3] = Math.round(192 - (d / FIELD) * 255);
    }
  }
  return { width: SIZE, height: SIZE, data };
}

// An aircraft seen from above, nose up, in a square of 24.
const AIRCRAFT = "M12 1.5c.9 0 1.5 1.1 1.5 2.6v4.6l8 5v2l-8-2.5v4.4l2.3 1.8v1.6L12 20l-3.8 1v-1.6l2.3-1.8v-4.4l-8 2.5v-2l8-5V4.1c0-1.5.6-2.6 1.5-2.6z";

/** The aircraft in ink with a rim of paper, so that it stands off roads and seats. */
function aircraft(ink: string, rim: string): Image {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const context = canvas.getContext("2d")!;
  context.scale(SIZE / 26, SIZE / 26);
  context.translate(1, 1.5);
  const path = new Path2D(AIRCRAFT);
  context.lineJoin = "round";
  context.lineWidth = 2.4;
  context.strokeStyle = rim;
  context.stroke(path);
  context.fillStyle = ink;
  context.fill(path);
  return { width: SIZE, height: SIZE, data: context.getImageData(0, 0, SIZE, SIZE).data };
}

/** Every symbol by name; sdf tells which take their colour from the style. */
export function icons(ink: string, rim: string): { name: string; image: Image; sdf: boolean }[] {
  return [
    { name: "diamond", image: field(diamond), sdf: true },
    { name: "cross", image: field(cross), sdf: true },
    { name: "aircraft", image: aircraft(ink, rim), sdf: false },
  ];
}

/** The path of the aircraft for legends, in a view box of 24. */
export const aircraftPath = AIRCRAFT;
