/*
 * A first guess where the head is, for a portrait before a plain wall: the
 * wall's colour is taken from the upper corners, what differs from it is the
 * person, its outline narrows at the neck.  No guess for anything else.
 * Depends on nothing.
 */

const WIDTH = 96;           // of the small picture that is looked at
const DIFFERENT = 60;       // sum of the differences of red, green and blue
const PLAIN = 36;           // what the corners may differ among themselves
const CROWN = 0.06;         // of the width: the first row of a head
const NECK = 0.82;          // of the head's width
const HEAD = 0.60;          // of the cut's width, hair and ears included
const ABOVE = 0.04;         // of the cut's height

function reader(canvas) {
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);

    return (x, y) => data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3);
}

const apart = (a, b) => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0);

/* The stretch of the row around its middle half that is not wall. */
function extent(at, wall, y) {
    const isWall = (x) => apart(at(x, y), wall) < DIFFERENT;
    let [left, right] = [0, WIDTH - 1];

    while (left < right && isWall(left)) {
        left += 1;
    }

    while (right > left && isWall(right)) {
        right -= 1;
    }

    return { left, right, width: right - left };
}

/*
 * Rows from the crown on: the widest before the outline narrows again.  Long
 * hair hides the neck: then only the crown is known.
 */
function headOf(at, wall, height) {
    let [crown, top, widest] = [-1, null, null];

    for (let y = 0; y < height; y += 1) {
        const row = extent(at, wall, y);

        if (crown < 0 && row.width >= CROWN * WIDTH) {
            [crown, top] = [y, row];
        }

        if (crown >= 0 && (!widest || row.width > widest.width)) {
            widest = row;
        } else if (widest && y > crown + widest.width / 2 && row.width < NECK * widest.width) {
            return { crown, ...widest };
        }
    }

    return top && { crown, ...top, width: 0 };
}

/* { x, y, width } of a cut in the picture's pixels, or null. */
export function guess(steps, ratio) {
    const height = Math.round(WIDTH * steps.height / steps.width);

    if (height < WIDTH / 3 || height > WIDTH * 3) {
        return null;
    }

    const at = reader(steps.cut({ x: 0, y: 0, width: steps.width, height: steps.height },
        WIDTH, height));
    const corners = [[1, 1], [WIDTH - 2, 1], [1, 8], [WIDTH - 2, 8]].map(([x, y]) => at(x, y));
    const head = corners.every((one) => apart(one, corners[0]) < PLAIN)
        ? headOf(at, corners[0], height) : null;

    if (!head || head.crown < 1 || head.width > 0.8 * WIDTH) {
        return null;
    }

    const unit = steps.width / WIDTH;
    const below = (height - head.crown) / (1 - ABOVE) / ratio;
    const width = (head.width > 0.12 * WIDTH ? head.width / HEAD : Math.min(WIDTH, below)) * unit;

    return {
        width, x: (head.left + head.right + 1) / 2 * unit - width / 2,
        y: head.crown * unit - ABOVE * width * ratio
    };
}
