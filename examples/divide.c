/* Divide and conquer: a task stays on its thread unless an idle one takes it. */
#include <stdio.h>
#include <weft.h>

typedef struct fib {
    unsigned n;
    unsigned long value;
} fib;

static int compute(void *arg)
{
    fib *const me = arg;
    me->value = me->n;
    if (me->n < 2)
        return 0;
    fib one = { .n = me->n - 1 }, two = { .n = me->n - 2 };
    const weft_status s = weft_fork2(compute, &one, compute, &two);
    me->value = one.value + two.value;
    return s;
}

static int capital(void *arg)
{
    char *const letter = arg;
    if (*letter < 'a' || *letter > 'z')
        return 1;
    *letter -= 'a' - 'A';
    return 0;
}

int main(void)
{
    fib f = { .n = 27 };
    compute(&f);
    printf("fib(27) is %lu\n", f.value);

    char word[] = "weft 9";
    weft_group letters = { 0 };
    for (char *c = word; *c; c++)
        weft_group_spawn(&letters, capital, c);
    weft_status s = weft_group_wait(&letters);
    printf("%s: %s\n", word, s == WEFT_EFAILED ? weft_detail() : weft_strstatus(s));
}
