/* sem.pml - the semaphore of src/sync/sem.c, for spin.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Three threads that each take a token and give it back, or with GIVER take what a fourth one gives,
 * two tokens at a time. A step is one atomic operation of the C code: tokens and waiters are halves of
 * one word. The kernel's part is the comparison and the falling asleep, in one step, and the choice of
 * whom to wake, which may be anybody. With TIMEOUTS the first thread may give up in any sleep,
 * and its turn with it.
 *
 * Found to hold, in every order of steps: never more are inside than there are tokens; no token is
 * lost or made; nobody sleeps for ever (spin: invalid end state).
 *
 * model: -DVALUE=1 -DTURNS=2
 * model: -DVALUE=2 -DTURNS=2
 * model: -DVALUE=1 -DTURNS=2 -DTIMEOUTS
 * model: -DVALUE=0 -DTURNS=2 -DGIVER
 * model: -DVALUE=0 -DTURNS=2 -DGIVER -DTIMEOUTS
 *
 * Each planted bug is found:
 *
 * bug: -DVALUE=1 -DTURNS=2 -DBUG_SLEEP_BLIND            sleeps without comparing
 * bug: -DVALUE=1 -DTURNS=2 -DBUG_LOOK_FIRST             looks for waiters, then adds
 * bug: -DVALUE=1 -DTURNS=2 -DBUG_REGISTER_LATE          finds no token, sleeps, and is not registered
 * bug: -DVALUE=0 -DTURNS=2 -DGIVER -DBUG_WAKE_ONE       two tokens wake one
 * bug: -DVALUE=1 -DTURNS=2 -DTIMEOUTS -DBUG_LEAVE_WOKEN was woken, gives up, does not look again */

#define THREADS 3

byte tokens = VALUE, waiters, inside, taken;
bool asleep[THREADS];

inline take(leaving)
{
    atomic {
        got = tokens > 0;
        if
        :: got -> tokens--; waiters = waiters - leaving
        :: else
        fi
    }
}

/* The kernel: wakes one of those who sleep, if there are any. */
inline wake_one()
{
    atomic {
        if
        :: asleep[0] -> asleep[0] = false
        :: asleep[1] -> asleep[1] = false
        :: asleep[2] -> asleep[2] = false
        :: else
        fi
    }
}

inline release(n)
{
#ifdef BUG_LOOK_FIRST
    anybody = waiters > 0;
    tokens = tokens + n;
#else
    atomic { tokens = tokens + n; anybody = waiters > 0 }
#endif
    if
    :: anybody ->
        wake_one();
#ifndef BUG_WAKE_ONE
        if
        :: n == 2 -> wake_one()
        :: else
        fi
#endif
    :: else
    fi
}

inline wait_for()
{
    late = false;
#ifndef BUG_REGISTER_LATE
    waiters++;
#endif
    do
    :: take(1);
        if
        :: got -> break
        :: else
        fi;
#ifdef BUG_SLEEP_BLIND
        asleep[me] = true;
#else
        atomic {
            if
            :: tokens == 0 -> asleep[me] = true
            :: else
            fi
        }
#endif
#ifdef BUG_REGISTER_LATE
        if
        :: asleep[me] -> waiters++
        :: else -> waiters++
        fi;
#endif
        if
        :: !asleep[me]
#ifdef TIMEOUTS
        :: atomic { asleep[me] && me == 0 -> asleep[me] = false; late = true }
#endif
        fi;
#ifdef BUG_LEAVE_WOKEN
        if
        :: me == 0 -> waiters--; break
        :: true
        fi;
#endif
        if
        :: late ->
            atomic {
                got = tokens > 0;
                if
                :: got -> tokens--
                :: else
                fi;
                waiters--
            }
            break
        :: else
        fi
    od
}

proctype thread(byte me)
{
    byte turn;
    bool got, late, anybody;
    do
    :: turn < TURNS ->
        take(0);
        if
        :: !got -> wait_for()
        :: else
        fi;
        turn++;
        if
        :: got ->
#ifdef GIVER
            taken++
#else
            inside++;
            assert(inside <= VALUE);
            inside--;
            release(1)
#endif
        :: else
        fi
    :: else -> break
    od
}

#ifdef GIVER
proctype giver()
{
    byte given;
    bool anybody;
    do
    :: given < THREADS * TURNS -> release(2); given = given + 2
    :: else -> break
    od
}
#endif

init
{
    atomic {
        run thread(0); run thread(1); run thread(2);
#ifdef GIVER
        run giver()
#endif
    }
    (_nr_pr == 1);
    assert(waiters == 0);
#ifdef GIVER
    assert(tokens + taken == THREADS * TURNS)
#else
    assert(tokens == VALUE)
#endif
}
