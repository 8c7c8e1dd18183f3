// Renders cut-outs of pages with mupdf, many in one process:
//   mutool run crop.js DPI  FILE.pdf OUT.pgm LEFT TOP WIDTH HEIGHT  ...
// in pixels from the page's upper left corner.

var dpi = parseFloat(scriptArgs[0]);

// 1.25 and later keep everything in a name space, 1.21 has globals
var spaced = typeof mupdf !== "undefined";
var lib = spaced ? mupdf : {
    Pixmap: Pixmap, DrawDevice: DrawDevice, Buffer: Buffer,
    Document: Document
};
var gray = spaced ? mupdf.ColorSpace.DeviceGray : DeviceGray;
var identity = spaced ? mupdf.Matrix.identity : Identity;
var scaled = spaced ? mupdf.Matrix.scale(dpi / 72, dpi / 72)
                    : Scale(dpi / 72, dpi / 72);

function crop(file, out, left, top, width, height) {
    var pixels = new lib.Pixmap(gray,
                                [left, top, left + width, top + height],
                                false);
    pixels.clear(255);

    var pages = lib.Document.openDocument ? lib.Document.openDocument(file)
                                          : new lib.Document(file);
    var device = new lib.DrawDevice(identity, pixels);
    pages.loadPage(0).run(device, scaled);
    device.close();

    var bytes = new lib.Buffer();
    bytes.write("P5\n" + width + " " + height + "\n255\n");
    for (var y = 0; y < height; y++) {
        for (var x = 0; x < width; x++) {
            bytes.writeByte(pixels.getSample(x, y, 0));
        }
    }
    bytes.save(out);
}

for (var i = 1; i + 5 < scriptArgs.length; i += 6) {
    crop(scriptArgs[i], scriptArgs[i + 1], parseInt(scriptArgs[i + 2]),
         parseInt(scriptArgs[i + 3]), parseInt(scriptArgs[i + 4]),
         parseInt(scriptArgs[i + 5]));
}
