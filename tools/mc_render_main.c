/*
 * render [-r] [-p PHOTO.jpg] [-n TIMES] OUTDIR [NAME...]
 *
 * Makes a sample certificate for each name (without one: for each of the
 * list of difficult names; for -: for each line of standard input) as
 * OUTDIR/NN.pdf and prints a line for each:
 *
 *   FILE <tab> NAME <tab> SIZE and, for each line of the name,
 *   <tab> X Y WIDTH HEIGHT FIRST COUNT
 *
 * in points from the page's lower left corner; FIRST and COUNT say which of
 * the name's characters stand on the line, SIZE is that of the letters, Y
 * the base line.  With -n each file is made TIMES times and standard error
 * says how much CPU time one took, and by how many kB the memory grew after
 * the first tenth.  -r: with the reference writer.
 *
 * The layout is asked with a drawing interface that notes instead of
 * drawing.  One thread.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "mc_layout.h"
#include "mc_sample.h"
#include "mc_template.h"


typedef struct {
    const char  *out;
    long         times;
    bool         reference;
    mc_buf_t     photo;
} options_t;

typedef struct {
    size_t  first;
    bool    begun;
} notes_t;


static mc_err_t
note_text(void *data, const mc_line_t *line)
{
    notes_t  *notes = data;

    if (line->place != MC_PLACE_NAME) {
        return MC_OK;
    }

    if (!notes->begun) {
        printf("\t%.2f", line->size / 100.0);
        notes->begun = true;
    }

    printf("\t%.2f %.2f %.2f %.2f %zu %zu", line->x / 100.0, line->y / 100.0,
           mc_line_width(line) / 100.0, line->tracking / 100.0,
           notes->first, line->count);
    notes->first += line->count;

    return MC_OK;
}


static mc_err_t
note_place(const mc_template_t *template_,
    const mc_certificate_t *certificate)
{
    mc_err_t    err;
    notes_t     notes;
    mc_cast_t  *cast;
    mc_draw_t   draw;

    cast = mc_alloc(sizeof(mc_cast_t));
    if (cast == NULL) {
        return MC_ENOMEM;
    }

    memset(&notes, 0, sizeof(notes));
    draw = (mc_draw_t) { .data = &notes, .text = note_text };
    mc_cast_init(cast, &template_->chain, &template_->cast);
    err = mc_layout_values(template_->layout, cast, certificate,
                           template_->timezone, &draw);
    printf("\n");
    mc_free(cast);

    return err;
}


static bool
read_file(const char *path, mc_buf_t *out)
{
    char    block[4096];
    FILE   *file;
    size_t  len;

    file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }

    while ((len = fread(block, 1, sizeof(block), file)) > 0) {
        (void) mc_buf_append(out, block, len);
    }

    fclose(file);

    return out->err == MC_OK;
}


static bool
write_file(const char *path, const mc_buf_t *bytes)
{
    bool   done;
    FILE  *file;

    file = fopen(path, "wb");
    if (file == NULL) {
        return false;
    }

    done = fwrite(bytes->data, 1, bytes->len, file) == bytes->len;

    return fclose(file) == 0 && done;
}


static long
peak_memory(void)
{
    struct rusage  usage;

    getrusage(RUSAGE_SELF, &usage);

    return usage.ru_maxrss;
}


/* CPU time of one, and growth of memory. */
static void
tell_costs(struct timespec begin, long times, long memory)
{
    double           spent;
    struct timespec  now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    spent = (double) (now.tv_sec - begin.tv_sec) * 1e6
            + (double) (now.tv_nsec - begin.tv_nsec) / 1e3;

    fprintf(stderr, "%.1f us, %ld kB more\n", spent / (double) times,
            peak_memory() - memory);
}


/* A code as a document has it: an address, and digits that differ. */
static mc_err_t
make_code(const mc_template_t *template_, size_t number, mc_qr_t *out)
{
    char     digits[352];
    size_t   i, count;

    static const mc_str_t  address = mc_str("https://members.example.org/v/#");

    if (mc_template_qr(template_) != MC_QR_STATEMENT) {
        return mc_qr_make(address, mc_str("0123456789"), out);
    }

    count = mc_qr_digits(address.len);
    if (count > sizeof(digits)) {
        count = sizeof(digits);
    }

    for (i = 0; i < count; i++) {
        digits[i] = (char) ('1' + (i * i + number * (i + 7)) % 9);
    }

    return mc_qr_make(address, (mc_str_t) { digits, count }, out);
}


/* One document into "pdf"; of the fast writer "own" keeps its memory, as a
 * worker's may. */
static mc_err_t
make(const mc_template_t *template_, const mc_certificate_t *certificate,
    const mc_document_in_t *in, bool reference, mc_buf_t *own, mc_buf_t *pdf)
{
    size_t         i;
    mc_err_t       err;
    mc_document_t  document;

    if (reference) {
        mc_buf_free(pdf);
        return mc_document_render(template_, certificate, in, pdf);
    }

    own->len = 0;
    err = mc_document_make(template_, certificate, in, own, &document);
    pdf->len = 0;

    for (i = 0; err == MC_OK && i < document.count; i++) {
        err = mc_buf_str(pdf, document.parts[i]);
    }

    return err;
}


static bool
render(const mc_template_t *template_, const options_t *options,
    size_t number, const char *name)
{
    long              i, memory;
    char              path[1024];
    mc_qr_t           code;
    mc_buf_t          own, pdf;
    mc_err_t          err;
    struct timespec   begin;
    mc_document_in_t  in;
    mc_certificate_t  certificate;

    in = (mc_document_in_t) {
        .photo = mc_buf_view(&options->photo), .qr = &code
    };
    mc_sample_certificate(&certificate, mc_str_from(name));
    snprintf(path, sizeof(path), "%s/%02zu.pdf", options->out, number);

    err = make_code(template_, number, &code);
    memory = 0;
    mc_buf_init(&own, MC_DOCUMENT_MAX);
    mc_buf_init(&pdf, MC_DOCUMENT_MAX);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);

    for (i = 0; err == MC_OK && i < options->times; i++) {
        err = make(template_, &certificate, &in, options->reference, &own,
                   &pdf);

        if (i == options->times / 10) {
            memory = peak_memory();
        }
    }

    if (options->times > 1) {
        tell_costs(begin, options->times, memory);
    }

    if (err == MC_OK && !write_file(path, &pdf)) {
        err = MC_EIO;
    }

    mc_buf_free(&own);
    mc_buf_free(&pdf);

    if (err == MC_OK) {
        printf("%s\t%s", path, name);
        err = note_place(template_, &certificate);
    }

    if (err != MC_OK) {
        fprintf(stderr, "render: %s: %s\n", name, mc_err_name(err));
    }

    return err == MC_OK;
}


static bool
read_options(int argc, char **argv, options_t *options)
{
    int          option;
    const char  *photo;

    photo = NULL;
    options->times = 1;
    options->reference = false;

    while ((option = getopt(argc, argv, "rp:n:")) != -1) {
        if (option == 'r') {
            options->reference = true;
        } else if (option == 'p') {
            photo = optarg;
        } else if (option == 'n') {
            options->times = strtol(optarg, NULL, 10);
        } else {
            return false;
        }
    }

    if (optind >= argc || options->times < 1) {
        return false;
    }

    options->out = argv[optind];
    mc_buf_init(&options->photo, MC_DOCUMENT_MAX);

    return photo != NULL ? read_file(photo, &options->photo)
                         : mc_sample_photo(&options->photo) == MC_OK;
}


/* A name a line. */
static bool
render_lines(const mc_template_t *template_, const options_t *options)
{
    bool    done;
    char    name[256];
    size_t  number;

    done = true;

    for (number = 1; fgets(name, sizeof(name), stdin) != NULL; number++) {
        name[strcspn(name, "\n")] = '\0';
        done = render(template_, options, number, name) && done;
    }

    return done;
}


static bool
render_all(const mc_template_t *template_, const options_t *options,
    size_t count, char **names)
{
    bool    done;
    size_t  i;

    if (count == 1 && strcmp(names[0], "-") == 0) {
        return render_lines(template_, options);
    }

    done = true;

    for (i = 0; i < (count > 0 ? count : mc_sample_name_count); i++) {
        done = render(template_, options, i + 1,
                      count > 0 ? names[i] : mc_sample_names[i]) && done;
    }

    return done;
}


int
main(int argc, char **argv)
{
    bool            done;
    char            error[MC_SETTINGS_ERROR];
    options_t       options;
    mc_settings_t   settings;
    mc_template_t  *template_;

    if (!read_options(argc, argv, &options)) {
        fprintf(stderr,
                "usage: render [-r] [-p PHOTO.jpg] [-n TIMES] OUTDIR"
                " [NAME...]\n");
        return 2;
    }

    mc_sample_settings(&settings);

    template_ = mc_template_open(&settings, 0, NULL, error);
    if (template_ == NULL) {
        fprintf(stderr, "render: %s\n", error);
        return 2;
    }

    done = render_all(template_, &options, (size_t) (argc - optind - 1),
                      argv + optind + 1);

    mc_template_close(template_);
    mc_buf_free(&options.photo);

    return done ? 0 : 1;
}
