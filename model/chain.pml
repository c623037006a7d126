/* chain.pml - the hand-over between the tiles of a scan: src/algo/chain.c.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     spin -a chain.pml && cc -O2 -o pan pan.c && ./pan
 *
 * MEMBERS threads take TILES tiles in order, tell the total of each, look back and join. Checked for
 * every interleaving, and for teams down to one thread that is scheduled late or never, since a member
 * may stop before it takes anything:
 *
 *     each tile gets exactly the totals of the tiles before it, joined from the left,
 *     nobody waits for ever (an invalid end state would say so).
 *
 * The value of a tile's prefix is the sequence of tiles in it: here the number 1234... in base 10. Joining
 * in any other order, or one twice, gives another number. A link's data is written before its state and
 * read after it, as release and acquire have it. */

#ifndef MEMBERS
#define MEMBERS 3
#endif
#ifndef TILES
#define TILES 5
#endif

#define EMPTY   0
#define TOTAL   1
#define THROUGH 2

byte next = 0;
byte state[TILES];
byte total[TILES];
int through[TILES];
byte joined = 0;
byte idle = 0;

inline join_from(k, mine, value)
{
    if
    :: k > 0 -> value = through[k - 1]
    :: else -> value = 0
    fi;
    do
    :: k < mine ->
        assert(state[k] != EMPTY);
        value = value * 10 + total[k];
        k++
    :: else -> break
    od
}

proctype member()
{
    byte mine, k, seen;
    int value;
    if
    :: true
    :: atomic { idle < MEMBERS - 1 -> idle++ }; goto gone /* one that is never there */
    fi;
again:
    atomic { mine = next; next++ }
    if
    :: mine >= TILES -> atomic { next--; goto gone }
    :: else
    fi;
    total[mine] = mine + 1;
    state[mine] = TOTAL;
    k = mine;
    do
    :: k > 0 ->
        atomic { state[k - 1] != EMPTY; seen = state[k - 1] }
        if
        :: seen == THROUGH -> break
        :: else -> k--
        fi
    :: else -> break
    od;
    join_from(k, mine, value);
    through[mine] = value * 10 + total[mine];
    state[mine] = THROUGH;
    /* value is 123...mine */
    assert((mine == 0 && value == 0) || (mine == 1 && value == 1) || (mine == 2 && value == 12) ||
           (mine == 3 && value == 123) || (mine == 4 && value == 1234));
    joined++;
    goto again;
gone:
    skip
}

init
{
    byte m = 0;
    atomic {
        do
        :: m < MEMBERS -> run member(); m++
        :: else -> break
        od
    }
    _nr_pr == 1;
    assert(joined == TILES)
}
