// Renders cut-outs of pages with mupdf, many in one process:
//   mutool run crop.js DPI  FILE.pdf OUT.pgm LEFT TOP WIDTH HEIGHT  ...
// in pixels from the page's upper left corner.

var dpi = parseFloat(scriptArgs[0]);

function crop(file, out, left, top, width, height) {
    var pixels = new Pixmap(DeviceGray,
                            [left, top, left + width, top + height], false);
    pixels.clear(255);

    var pages = Document.openDocument ? Document.openDocument(file)
                                      : new Document(file);
    var device = new DrawDevice(Identity, pixels);
    pages.loadPage(0).run(device, Scale(dpi / 72, dpi / 72));
    device.close();

    var bytes = new Buffer();
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
