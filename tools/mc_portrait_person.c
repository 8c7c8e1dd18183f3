/*
 * Casting: from a number to a person's features, and to one sitting.
 *
 * Depends on base.  For tools and tests; any one thread.
 */

#include "mc_portrait_parts.h"


uint64_t
mc_dice(uint64_t *state)
{
    uint64_t  z;

    *state += UINT64_C(0x9e3779b97f4a7c15);
    z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);

    return z ^ (z >> 31);
}


float
mc_dice_range(uint64_t *state, float low, float high)
{
    return low + (high - low) * (float) (mc_dice(state) >> 40)
                     / (float) (1 << 24);
}


mc_rgb_t
mc_rgb_times(mc_rgb_t colour, float factor)
{
    return (mc_rgb_t) {
        colour.r * factor, colour.g * factor, colour.b * factor
    };
}


static mc_rgb_t
mix(mc_rgb_t a, mc_rgb_t b, float t)
{
    return (mc_rgb_t) {
        a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t
    };
}


static mc_rgb_t
pick(uint64_t *dice, const mc_rgb_t *colours, size_t count)
{
    return colours[mc_dice(dice) % count];
}


static void
cast_colours(uint64_t *dice, mc_person_t *person)
{
    float  grey;

    static const mc_rgb_t  fair = { 0.955f, 0.815f, 0.730f };
    static const mc_rgb_t  tanned = { 0.845f, 0.660f, 0.545f };
    static const mc_rgb_t  black = { 0.085f, 0.075f, 0.075f };
    static const mc_rgb_t  brown = { 0.205f, 0.140f, 0.105f };
    static const mc_rgb_t  silver = { 0.520f, 0.510f, 0.505f };
    static const mc_rgb_t  pale = { 0.800f, 0.500f, 0.460f };
    static const mc_rgb_t  red = { 0.745f, 0.340f, 0.335f };

    static const mc_rgb_t  suits[] = {
        { 0.115f, 0.135f, 0.205f }, { 0.130f, 0.130f, 0.140f },
        { 0.215f, 0.225f, 0.245f }, { 0.090f, 0.095f, 0.115f },
        { 0.155f, 0.190f, 0.280f }
    };
    static const mc_rgb_t  shirts[] = {
        { 0.955f, 0.960f, 0.970f }, { 0.945f, 0.950f, 0.960f },
        { 0.830f, 0.885f, 0.945f }, { 0.945f, 0.925f, 0.890f }
    };
    static const mc_rgb_t  ties[] = {
        { 0.480f, 0.110f, 0.140f }, { 0.130f, 0.200f, 0.400f },
        { 0.250f, 0.260f, 0.300f }, { 0.160f, 0.330f, 0.330f },
        { 0.360f, 0.180f, 0.330f }
    };

    person->skin = mix(fair, tanned,
                       mc_dice_range(dice, 0, person->woman ? 0.5f : 0.9f));

    grey = person->age > 0.6f ? (person->age - 0.6f) * 1.6f : 0;

    person->hair = mix(mix(black, brown, mc_dice_range(dice, 0, 0.8f)),
                       silver, grey * (person->woman ? 0.5f : 1));

    person->mouth = mix(pale, red, person->woman
                                   ? mc_dice_range(dice, 0.5f, 1.0f)
                                   : mc_dice_range(dice, 0, 0.3f));

    person->iris = mix((mc_rgb_t) { 0.15f, 0.09f, 0.06f },
                       (mc_rgb_t) { 0.30f, 0.19f, 0.12f },
                       mc_dice_range(dice, 0, 1));

    person->suit = pick(dice, suits, mc_count(suits));
    person->shirt = pick(dice, shirts, mc_count(shirts));
    person->tie = pick(dice, ties, mc_count(ties));
}


static void
cast_face(uint64_t *dice, mc_person_t *person)
{
    bool  woman;

    woman = person->woman;

    person->wide = mc_dice_range(dice, 0.95f, 1.05f) * (woman ? 0.97f : 1);
    person->jaw = mc_dice_range(dice, 0.90f, 1.06f) * (woman ? 0.92f : 1.02f);

    person->eye_x = mc_dice_range(dice, 20.0f, 22.2f);
    person->eye_width = mc_dice_range(dice, 9.2f, 10.6f)
                        * (woman ? 1.05f : 1);
    person->eye_height = mc_dice_range(dice, 3.5f, 4.8f)
                         * (woman ? 1.15f : 1);
    person->eye_tilt = mc_dice_range(dice, -0.3f, 1.5f);
    person->eye_fold = mc_dice(dice) % 3 != 0;

    person->brow_height = mc_dice_range(dice, 12.0f, 14.5f);
    person->brow_width = woman ? mc_dice_range(dice, 1.9f, 2.8f)
                               : mc_dice_range(dice, 3.0f, 4.6f);
    person->brow_arch = woman ? mc_dice_range(dice, 1.5f, 3.4f)
                              : mc_dice_range(dice, 0.4f, 2.2f);

    person->nose_width = mc_dice_range(dice, 8.6f, 11.6f)
                         * (woman ? 0.9f : 1);
    person->nose_y = mc_dice_range(dice, 125.0f, 129.5f);
    person->mouth_y = mc_dice_range(dice, 141.0f, 144.5f);
    person->mouth_width = mc_dice_range(dice, 14.5f, 18.0f);
    person->lips = mc_dice_range(dice, 0.75f, 1.1f) * (woman ? 1.12f : 0.9f);
    person->smile = mc_dice_range(dice, 0.7f, 2.3f);

    person->hairline = mc_dice_range(dice, 48.0f, 55.0f);
    person->part = (mc_dice(dice) & 1) != 0 ? 1.0f : -1.0f;
    person->glasses = mc_dice(dice) % 10 < (woman ? 3 : 4);
    person->hair_style = (int) (mc_dice(dice) % MC_HAIR_STYLES);
    person->clothes = (int) (mc_dice(dice) % 3);
    person->strands = mc_dice(dice);
}


void
mc_person_cast(uint32_t number, mc_portrait_sex_t sex, mc_person_t *person)
{
    uint64_t  dice;

    memset(person, 0, sizeof(*person));

    dice = UINT64_C(0x6d63706f72747261) ^ number;

    person->woman = sex == MC_PORTRAIT_BY_PERSON ? (number & 1) == 0
                                                 : sex == MC_PORTRAIT_WOMAN;
    person->age = mc_dice_range(&dice, 0, 1);

    cast_face(&dice, person);
    cast_colours(&dice, person);
}


void
mc_sitting_cast(uint32_t number, uint32_t variant, mc_sitting_t *sitting)
{
    uint64_t  dice;

    dice = (uint64_t) number << 32 | variant;
    (void) mc_dice(&dice);

    sitting->dx = mc_dice_range(&dice, -1.6f, 1.6f);
    sitting->dy = mc_dice_range(&dice, -1.5f, 1.5f);
    sitting->scale = mc_dice_range(&dice, 0.985f, 1.015f);
    sitting->tilt = mc_dice_range(&dice, -0.015f, 0.015f);
    sitting->light = mc_dice_range(&dice, -1, 1);
    sitting->exposure = mc_dice_range(&dice, 0.98f, 1.02f);
    sitting->noise = mc_dice(&dice);
}
