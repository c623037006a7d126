/* chain.pml - the hand-over between the tiles of a scan: src/algo/chain.c, for spin.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Three threads take tiles in order, tell the total of each, look back and join. Any but one of them may
 * never come: teams are smaller than was asked for, and threads late. Data of a link is written before
 * its state and read after it, as release and acquire have it.
 *
 * The value before a tile is the sequence of tiles in it, a number like 1234 in base 10: joining in any
 * other order, or one twice, or one that was not told, gives another number.
 *
 * Found to hold, in every order of steps: each tile gets the totals of all tiles before it, joined from
 * the left; each tile is joined once; nobody waits for ever (spin: invalid end state).
 *
 * model: -DMEMBERS=3 -DTILES=5
 * model: -DMEMBERS=2 -DTILES=5
 *
 * Each planted bug is found:
 *
 * bug: -DMEMBERS=2 -DTILES=3 -DBUG_TELL_FIRST    says that the total is known, then writes it
 * bug: -DMEMBERS=2 -DTILES=3 -DBUG_THROUGH_FIRST  the same of all up to the tile
 * bug: -DMEMBERS=2 -DTILES=3 -DBUG_BACKWARDS    takes the last tile first: waits for one not taken
 * bug: -DMEMBERS=2 -DTILES=3 -DBUG_NO_LOOK      takes a tile that was told for all up to it */

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
    atomic {
        mine = next;
        if
        :: mine == TILES -> goto gone
        :: else -> next++
        fi;
#ifdef BUG_BACKWARDS
        mine = TILES - 1 - mine
#endif
    }
#ifdef BUG_TELL_FIRST
    state[mine] = TOTAL;
#endif
    total[mine] = mine + 1;
    state[mine] = TOTAL;
    k = mine;
    do
    :: k > 0 ->
        atomic { state[k - 1] != EMPTY; seen = state[k - 1] }
        if
#ifdef BUG_NO_LOOK
        :: true -> break
#else
        :: seen == THROUGH -> break
#endif
        :: else -> k--
        fi
    :: else -> break
    od;
    join_from(k, mine, value);
#ifdef BUG_THROUGH_FIRST
    state[mine] = THROUGH;
#endif
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
