/* deque.pml - one owner, two thieves and a nap: src/team/deque.c and src/team/doze.c, for spin.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The owner pushes TASKS tasks, pops between the pushes whenever it likes, and is through when the deque is
 * empty or, having a long task, waits until it is. Thieves take under the lock what is public; where nothing is they ask for it, or seize
 * part of what is private; where nothing is at all they sleep, and a push that is asked for wakes one.
 * Every access outside of a lock is a step of its own and all are seen in one order, which is what the two
 * halves of a fence amount to; the orders of the accesses between fences are argued in deque.c.
 *
 * Found to hold, in every order of steps: each task is taken once, by whoever; none is lost; nobody waits
 * for ever (spin: invalid end state), so no thief sleeps beside a task that the owner does not run.
 *
 * model: -DTASKS=3
 * model: -DTASKS=4 -DNO_NAP
 *
 * Each planted bug is found:
 *
 * bug: -DTASKS=3 -DBUG_NO_RECHECK   a sleeper that does not look again after it has said that it sleeps
 * bug: -DTASKS=3 -DBUG_SEIZE_BLINDLY  a seizure that does not look where bottom is after it moved split
 * bug: -DTASKS=3 -DBUG_LOOK_FIRST   a pop that looks at split before it moves bottom
 * bug: -DTASKS=3 -DBUG_NO_LOCK      a pop that takes from the public part without the lock
 * bug: -DTASKS=3 -DBUG_WANT_LATE    a sleeper that wants pushes told to it only after it has looked again */

#ifndef TASKS
#define TASKS 3
#endif
#define THIEVES 2

byte slot[TASKS + 2];
byte bottom = 0, top = 0, split = 0;
bit locked = 0;
bool wanted = false;
byte taken[TASKS + 1];
bool over = false; /* the owner has pushed all, and run what it found */

byte asleep = 0, searching = 0;
bit napping[THIEVES], bell[THIEVES];

inline execute(task)
{
    atomic {
        assert(task > 0 && task <= TASKS);
        assert(taken[task] == 0);
        taken[task] = 1
    }
}

/* doze.c wakes one under its lock: one step here. */
inline wake_one()
{
    atomic {
        if
        :: napping[0] -> napping[0] = 0; bell[0] = 1; asleep--; searching++
        :: !napping[0] && napping[1] -> napping[1] = 0; bell[1] = 1; asleep--; searching++
        :: else -> skip
        fi
    }
}

proctype owner()
{
    byte pushed = 0, at, mine, b;
    bool there;
    do
    :: pushed < TASKS -> /* weft__deque_push, weft__deque_is_wanted, weft__doze_push */
        pushed++;
        slot[bottom] = pushed;
        bottom = bottom + 1;
        if
        :: wanted ->
            if
            :: atomic { !locked -> wanted = false; split = split + (bottom - split + 1) / 2 }
            :: locked -> skip
            fi;
            if
            :: asleep > 0 && searching == 0 -> wake_one()
            :: else -> skip
            fi
        :: !wanted -> skip
        fi
    :: top == bottom && pushed == TASKS -> break
    :: pushed == TASKS -> top == bottom; break /* a long task: thieves have to take the others */
    :: bottom > 0 -> /* weft__deque_pop; a byte has no -1 */
#ifdef BUG_LOOK_FIRST
        at = bottom - 1;
        b = split;
        bottom = at;
#else
        at = bottom - 1;
        bottom = at;
        b = split;
#endif
        there = true;
        if
        :: at < b ->
#ifdef BUG_NO_LOCK
            there = (at >= top);
            if
            :: there -> split = top + (at - top) / 2
            :: else -> bottom = top
            fi
#else
            atomic {
                !locked -> there = (at >= top);
                if
                :: there -> split = top + (at - top) / 2
                :: else -> bottom = top
                fi
            }
#endif
        :: else -> skip
        fi;
        b = 0;
        if
        :: there -> mine = slot[at]; execute(mine); mine = 0; at = 0
        :: else -> at = 0
        fi
    od;
    over = true;
    /* weft__doze_wake, until nobody is left */
    do
    :: asleep > 0 -> wake_one()
    :: asleep == 0 -> break
    od
}

proctype thief(byte self)
{
    byte s, b, now, mine;
    bool more;
    searching++;
    do
    :: over && top == bottom -> break
    :: else ->
        if
        :: true -> /* weft__deque_steal */
            atomic {
                if
                :: top < split -> skip
                :: else -> wanted = true
                fi
            };
            if
            :: atomic {
                !locked -> locked = 1;
                s = split;
                b = (top == split && bottom > s -> s + (bottom - s + 1) / 2 : s)
            };
                split = b; /* a seizure, where nothing is public */
                now = bottom;
                atomic {
#ifndef BUG_SEIZE_BLINDLY
                    if
                    :: s < b && now < b -> split = (now > s -> now : s)
                    :: else -> skip
                    fi;
#endif
                    if
                    :: top < split -> mine = slot[top]; top = top + 1
                    :: else -> skip
                    fi;
                    locked = 0;
                    s = 0; b = 0; now = 0
                };
                if
                :: mine > 0 ->
                    searching--;
                    execute(mine);
                    atomic { searching++; mine = 0 }
                :: else -> skip
                fi
            :: locked -> skip
            fi
#ifndef NO_NAP
        :: true -> /* weft__doze */
            atomic { bell[self] = 0; napping[self] = 1; asleep++; searching-- };
#ifdef BUG_WANT_LATE
            more = (over || top < bottom);
            wanted = true;
#else
            wanted = true;
            more = (over || top < bottom);
#endif
#ifdef BUG_NO_RECHECK
            more = false;
#endif
            if
            :: !more ->
                bell[self] == 1 /* sleep_in */
            :: more -> /* stay_up */
                atomic {
                    if
                    :: napping[self] -> napping[self] = 0; asleep--; searching++; bell[self] = 1
                    :: else -> skip
                    fi
                };
                bell[self] == 1
            fi
#endif
        fi
    od;
    searching--
}

init
{
    byte k = 0;
    atomic {
        run owner();
        run thief(0);
        run thief(1)
    }
    _nr_pr == 1;
    k = 1;
    do
    :: k <= TASKS -> assert(taken[k] == 1); k++
    :: else -> break
    od
}
