/* lock.pml - how one waits for the lock of src/sync/lock_wait.c, for spin.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Three threads, or two, that each take the lock and free it, TURNS times. A step is one atomic operation of the C code; all
 * that matter are sequentially consistent there (src/sync/unset.h sees to the free). The kernel's part is the
 * comparison and the falling asleep, in one step, and the choice of whom to wake, which may be anybody.
 * A thread's patience may end after any sleep: it shuts the door. With TIMEOUTS the first thread may
 * give up in any sleep, and its turn with it. With EXPIRES the door opens by itself
 * at some moment.
 *
 * Found to hold, in every order of steps: one thread at most has the lock; nobody sleeps for ever (spin:
 * invalid end state). Three threads of two turns each hold too, in 32 680 352 states.
 *
 * model: -DTURNS=1
 * model: -DTURNS=3 -DTHREADS=2
 * model: -DTURNS=3 -DTHREADS=2 -DTIMEOUTS
 * model: -DTURNS=1 -DTIMEOUTS
 * model: -DTURNS=1 -DTIMEOUTS -DEXPIRES
 *
 * Each planted bug is found:
 *
 * bug: -DTURNS=2 -DBUG_REGISTER_LATE               tries, then registers
 * bug: -DTURNS=2 -DBUG_READ_LATE                   tries, then reads the word
 * bug: -DTURNS=2 -DBUG_KEEP_ON_ITS_WAY             does not take the mark back before it tries
 * bug: -DTURNS=2 -DBUG_LOOK_FIRST                  looks for sleepers, then frees
 * bug: -DTURNS=2 -DTIMEOUTS -DBUG_LEAVE_SHUT       gives up and wakes nobody behind its door */

#ifndef THREADS
#define THREADS 3
#endif

bool held, on_its_way, door;
byte sleepers, word, inside;
bool asleep[THREADS];

inline try()
{
    atomic {
        got = !held;
        held = true
    }
}

inline wake_one()
{
    word++;
    atomic {
        if
        :: asleep[0] -> asleep[0] = false
        :: asleep[1] -> asleep[1] = false
#if THREADS == 3
        :: asleep[2] -> asleep[2] = false
#endif
        :: else
        fi
    }
}

inline mark_and_wake()
{
    atomic {
        mine = sleepers > 0 && !on_its_way;
        if
        :: mine -> on_its_way = true
        :: else
        fi
    }
    if
    :: mine -> wake_one()
    :: else
    fi
}

inline free_it()
{
#ifdef BUG_LOOK_FIRST
    anybody = sleepers > 0;
    held = false;
#else
    held = false;
    anybody = sleepers > 0;
#endif
    if
    :: anybody -> mark_and_wake()
    :: else
    fi
}

inline sleep()
{
    new = true; late = false; shut = false;
#ifndef BUG_REGISTER_LATE
    sleepers++;
#endif
    do
    ::
#ifndef BUG_READ_LATE
        seen = word;
#endif
#ifndef BUG_KEEP_ON_ITS_WAY
        on_its_way = false;
#endif
        if
        :: new && door -> got = false
        :: else -> try()
        fi;
#ifdef BUG_READ_LATE
        seen = word;
#endif
#ifdef BUG_REGISTER_LATE
        if
        :: new -> sleepers++
        :: else
        fi;
#endif
        if
        :: got || late -> break
        :: else
        fi;
        if
        :: !new -> door = true; shut = true
        :: true
        fi;
        atomic {
            if
            :: word == seen -> asleep[me] = true
            :: else
            fi
        }
        if
        :: !asleep[me]
#ifdef TIMEOUTS
        :: atomic { asleep[me] && me == 0 -> asleep[me] = false; late = true }
#endif
        fi;
        new = false;
        if
        :: !late -> /* tries for a while */
            try();
            if
            :: got -> break
            :: else
            fi
        :: true
        fi
    od;
    atomic { sleepers--; on_its_way = false }
    if
    :: shut ->
        door = false;
#ifndef BUG_LEAVE_SHUT
        if
        :: !got -> wake_one()
        :: else
        fi
#endif
    :: else
    fi
}

proctype thread(byte me)
{
    byte turn, seen;
    bool got, new, late, shut, anybody, mine;
    do
    :: turn < TURNS ->
        got = false;
        if
        :: !door -> try()
        :: else
        fi;
        if
        :: !got -> sleep()
        :: else
        fi;
        turn++;
        if
        :: got ->
            inside++;
            assert(inside == 1);
            inside--;
            free_it()
        :: else
        fi
    :: else -> break
    od
}

#ifdef EXPIRES
proctype expire() { door = false }
#endif

init
{
    atomic {
        run thread(0); run thread(1);
#if THREADS == 3
        run thread(2);
#endif
#ifdef EXPIRES
        run expire()
#endif
    }
    (_nr_pr == 1);
    assert(sleepers == 0 && !held)
}
