/*
 * What is drawn over the picture: where head, crown and eyes belong, in
 * shares of the frame, with everything outside of it veiled.
 * Depends on nothing.
 * Source: GA 461-2004 geometry scaled to 178x220.
 */

const SVG = 'http://www.w3.org/2000/svg';

const OVAL = 0.58;              // of the width
const CROWN = [0.02, 0.05];     // of the height, all from the top
const EYES = [0.40, 0.47];
const CHIN = 0.76;

function shape(name, attributes) {
    const element = document.createElementNS(SVG, name);

    for (const [key, value] of Object.entries(attributes)) {
        element.setAttribute(key, value);
    }

    return element;
}

function band(kind, [from, to], width, height) {
    return shape('rect', {
        class: `guide-band ${kind}`, x: 0, width, y: from * height, height: (to - from) * height
    });
}

function tag(kind, [from, to], width, height, words) {
    const element = shape('text', {
        class: `guide-tag ${kind}`, x: width - 3, y: (from + to) / 2 * height
    });

    element.textContent = words;

    return element;
}

/* "margin" is what is to be seen around the frame of "width" x "height". */
export function guide({ width, height }, margin, { crown, eyes }) {
    const [w, h] = [width + 2 * margin, height + 2 * margin];
    const frame = shape('g', { transform: `translate(${margin} ${margin})` });
    const top = (CROWN[0] + CROWN[1]) / 2 * height;
    const head = (kind) => shape('ellipse', {
        class: kind, cx: width / 2, rx: OVAL / 2 * width,
        cy: (top + CHIN * height) / 2, ry: (CHIN * height - top) / 2
    });
    const svg = shape('svg', {
        class: 'guide', viewBox: `0 0 ${w} ${h}`, 'aria-hidden': 'true', focusable: 'false'
    });

    frame.append(
        band('crown', CROWN, width, height), band('eyes', EYES, width, height),
        head('guide-head'), head('guide-head line'),
        shape('path', { class: 'guide-middle', d: `M${width / 2} 0V${height}` }),
        tag('crown', CROWN, width, height, crown), tag('eyes', EYES, width, height, eyes),
        shape('rect', { class: 'guide-frame', x: 0, y: 0, width, height }));
    svg.append(shape('path', {
        class: 'guide-veil', 'fill-rule': 'evenodd',
        d: `M0 0H${w}V${h}H0ZM${margin} ${margin}V${margin + height}H${margin + width}V${margin}Z`
    }), frame);

    return svg;
}
