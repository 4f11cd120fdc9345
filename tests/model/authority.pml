/*
 * Who may do what, as refs/vault/authority.h and vvault-format(5) have it, in
 * small: three owners, A who admitted B who admitted C, and a stranger D, who
 * sign any VERSIONS versions of `vault` on top of these, each on any others
 * and with any word that its signer may say; then a device that is shown them
 * in any order, beside one that is shown them as they were made.
 *
 *	ORDER	what counts in the end does not depend on that order;
 *	REMOVED	who was removed has no role, and comes to one again only if
 *		who removed it lost its own rights to somebody above (or by
 *		its own word);
 *	CUT	no head lies beyond what every removal by others leaves.
 *
 * The rules are broken, and one of these with them, by -DBREAK_ORDER (who may
 * sign is asked of what is here now), -DBREAK_REMOVED (a later word on a role
 * replaces a removal), -DBREAK_CUT (a cut keeps all with a seq up to its own) and
 * -DBREAK_OWN (words by which a device takes its own rights undo each other):
 * model.t asks that spin finds each.
 *
 * Sets are bits, versions numbers by depth of ancestry: so a number takes the
 * place of depth and digest where those decide. Version 0 stands for the
 * first three, by A and B.
 */
#ifndef VERSIONS
#define VERSIONS 3
#endif
#define ALL (VERSIONS + 1)

#define A 0
#define B 1
#define C 2
#define D 3
#define NOBODY 4

#define NONE 0			/* words */
#define REMOVE 1
#define LOWER 2			/* to reader */
#define RAISE 3			/* to owner */
#define ADMIT 4			/* D, as owner */

#define READER 1		/* roles; 0: none */
#define OWNER 2

#define BIT(v) (1 << (v))
#define HAS(set, v) (((set) >> (v)) & 1)

byte made = 1;			/* versions so far */
byte signer[ALL];
byte seq[ALL];
byte stands[ALL];		/* a version with its ancestors */
byte parents[ALL];
byte word[ALL];
byte target[ALL];
byte cut[ALL];			/* the version it names; 0: none */
bool takes[ALL];		/* it takes a right */

hidden byte i, j, k, n;		/* of the functions below */
hidden byte role, admits, kept, bound, all, lost, marks, rank, base, heads;
hidden byte known;
hidden byte is_above, is_under, is_removed, is_low, was_said, is_good;

/* kept: those of a set that no other of it stands on. */
inline maximal(set) {
	kept = set; n = 0;
	do
	:: n < made ->
		if
		:: HAS(set, n) -> kept = kept & ~(stands[n] & ~BIT(n))
		:: else
		fi;
		n++
	:: else -> break
	od
}

/* all: the versions that these heads stand on. */
inline closure(some) {
	all = 0; n = 0;
	do
	:: n < made ->
		if
		:: HAS(some, n) -> all = all | stands[n]
		:: else
		fi;
		n++
	:: else -> break
	od
}

/* role: of a device in a closed set. */
inline role_in(set, who) {
	is_removed = false; is_low = false; was_said = false; role = 0;
	admits = 0; n = 0;
	do
	:: n < made ->
		if
		:: HAS(set, n) && word[n] == ADMIT && who == D ->
			admits = 1
		:: HAS(set, n) && word[n] == REMOVE && target[n] == who ->
			is_removed = true
		:: else
		fi;
		if
		:: HAS(set, n) && (word[n] >= LOWER) && target[n] == who ->
			/* unless a later word had seen it */
			k = n + 1; is_good = true;
			do
			:: k < made ->
				if
				:: HAS(set, k) && word[k] >= LOWER &&
				   target[k] == who && HAS(stands[k], n) ->
					is_good = false
				:: else
				fi;
				k++
			:: else -> break
			od;
			if
			:: is_good ->
				was_said = true;
				is_low = is_low || takes[n];
				if
				:: word[n] == LOWER && role < READER ->
					role = READER
				:: word[n] != LOWER -> role = OWNER
				:: else
				fi
			:: else
			fi
		:: else
		fi;
		n++
	:: else -> break
	od;
	if
	:: is_low -> role = READER
	:: !was_said && who != D -> role = OWNER
	:: else
	fi;
	if
	:: who == D && !admits -> role = 0
#ifndef BREAK_REMOVED
	:: is_removed -> role = 0
#else
	:: is_removed && !was_said -> role = 0
#endif
	:: else
	fi
}

/* is_above: does x stand on every way up from y? */
inline above(set, x, y) {
	is_above = x < y; n = 0;
	do
	:: n < made ->
		/* D stands below all that admitted it, and those above them. */
		if
		:: HAS(set, n) && word[n] == ADMIT && y == D &&
		   signer[n] < x -> is_above = false
		:: else
		fi;
		n++
	:: else -> break
	od
}

/* bound: the word that binds a version; made: none does. Strictest is one
 * without a cut, else that with the lowest seq; own words come last. */
inline binding(set, which) {
	bound = made; n = 0;
	do
	:: n < made ->
		if
		:: HAS(set, n) && takes[n] && target[n] == signer[which] &&
		   !HAS(stands[which], n) ->
			if
			:: bound == made -> bound = n
			:: bound != made && signer[n] == signer[which] &&
			   signer[bound] != signer[which] -> skip
			:: bound != made && signer[n] != signer[which] &&
			   signer[bound] == signer[which] -> bound = n
			:: else ->
				if
				:: cut[bound] && (!cut[n] ||
				   seq[cut[n]] < seq[cut[bound]] ||
				   (seq[cut[n]] == seq[cut[bound]] &&
				    cut[n] < cut[bound])) -> bound = n
				:: else
				fi
			fi
		:: else
		fi;
		n++
	:: else -> break
	od
}

/* is_good: does a word by which its signer took its own rights keep a version
 * of that one's, being it, standing on it or naming it? */
inline keeps_own(set, which) {
	is_good = false; n = 1;
	do
	:: n < made ->
#ifndef BREAK_OWN
		is_good = is_good || (HAS(set, n) && takes[n] &&
			signer[n] == signer[which] && target[n] == signer[n] &&
			HAS(stands[n], which));
#endif
		is_good = is_good || (HAS(set, n) && takes[n] &&
			signer[n] == signer[which] && target[n] == signer[n] &&
			cut[n] && HAS(set, cut[n]) &&
			HAS(stands[cut[n]], which));
		n++
	:: else -> break
	od
}

/* lost: those of a closed set that lie beyond a cut. Of words by which a device
 * takes its own rights any that keeps a version counts. */
inline cut_off(set) {
	lost = 0; j = 1;
	do
	:: j < made ->
		if
		:: HAS(set, j) ->
			binding(set, j);
			if
			:: bound == made -> skip
			:: bound < made && signer[bound] == signer[j] ->
				keeps_own(set, j);
				if
				:: is_good
				:: else -> lost = lost | BIT(j)
				fi
#ifndef BREAK_CUT
			:: bound < made && signer[bound] != signer[j] &&
			   cut[bound] && HAS(set, cut[bound]) &&
			   HAS(stands[cut[bound]], j) -> skip
#else
			:: bound < made && signer[bound] != signer[j] &&
			   cut[bound] && seq[j] <= seq[cut[bound]] -> skip
#endif
			:: else -> lost = lost | BIT(j)
			fi
		:: else
		fi;
		j++
	:: else -> break
	od
}

/* marks: of the heads those to be dropped: cut off, of the highest rank. */
inline mark_cut() {
	marks = 0; rank = NOBODY; n = 0;
	do
	:: n < made ->
		if
		:: HAS(heads & lost, n) && signer[n] < rank ->
			rank = signer[n]; marks = BIT(n)
		:: HAS(heads & lost, n) && signer[n] == rank ->
			marks = marks | BIT(n)
		:: else
		fi;
		n++
	:: else -> break
	od
}

/* Or those on top of what is cut off, by who is an owner only by that. */
inline mark_helpers() {
	base = 0; n = 0;
	do
	:: n < made ->
		if
		:: HAS(heads, n) && (stands[n] & lost) ->
			marks = marks | BIT(n)
		:: HAS(heads, n) && !(stands[n] & lost) ->
			base = base | stands[n]
		:: else
		fi;
		n++
	:: else -> break
	od;
	j = 0;
	do
	:: j < made ->
		if
		:: HAS(marks, j) ->
			binding(base, j);
			role_in(base, signer[j]);
			if
			:: !base || bound < made || role == OWNER ->
				marks = marks & ~BIT(j)
			:: else
			fi
		:: else
		fi;
		j++
	:: else -> break
	od
}

/* heads and all: what counts of what some versions stand for. */
inline effective(some) {
	maximal(some);
	heads = kept;
	do
	:: true ->
		closure(heads);
		marks = 0;
		if
		:: heads & (heads - 1) ->
			cut_off(all);
			mark_cut();
			if
			:: !marks && lost -> mark_helpers()
			:: else
			fi
		:: else
		fi;
		if
		:: !marks -> break
		:: else
		fi;
		i = 0;
		do
		:: i < made ->
			if
			:: HAS(marks, i) ->
				heads = (heads & ~BIT(i)) | parents[i]
			:: else
			fi;
			i++
		:: else -> break
		od;
		maximal(heads);
		heads = kept
	od
}

/* is_valid: may the version at `made` say what it says, on its parents? */
hidden byte is_valid;
inline judge() {
	effective(parents[made]);
	is_valid = (parents[made] & ~all) == 0;
	closure(parents[made]);
	known = all;
	role_in(known, signer[made]);
	is_valid = is_valid && role == OWNER;
	above(known, signer[made], target[made]);
	role_in(known, target[made]);
	takes[made] = false;
	if
	:: word[made] == REMOVE || (word[made] == LOWER && role == OWNER) ->
		is_valid = is_valid && role &&
			   (is_above || signer[made] == target[made]);
		takes[made] = true
	:: word[made] == LOWER || word[made] == RAISE ->
		/* A word that changes nothing is as good as none. */
		is_valid = is_valid && role == READER && word[made] == RAISE
	:: word[made] == ADMIT ->
		is_valid = is_valid && !role && !is_removed
	:: else
	fi;
	stands[made] = known | BIT(made);
	seq[made] = 1; n = 0;
	do
	:: n < made ->
		if
		:: HAS(known, n) && signer[n] == signer[made] &&
		   seq[n] >= seq[made] -> seq[made] = seq[n] + 1
		:: else
		fi;
		n++
	:: else -> break
	od;
	if
	:: is_valid -> made++
	:: else ->
		word[made] = 0; takes[made] = false; stands[made] = 0
	fi
}

/* What a device has, and what of it counts. */
byte here;
byte counts;
byte at_first;			/* the same at the other device */
byte left;
byte choice;

/* A head is shown to the device. */
inline take(v) {
	effective(here | BIT(v));
#ifndef BREAK_ORDER
	is_good = HAS(all, v);
#else
	known = here;
	role_in(known, signer[v]);
	is_good = role == OWNER;
#endif
	if
	:: is_good -> here = here | stands[v]
	:: else
	fi;
	effective(here)
}

/* In the order in which they were made; what was refused before, too, for a
 * host goes on showing it. */
inline take_all() {
	left = 1;
	do
	:: left < made -> take(left); left++
	:: else -> break
	od
}

/* REMOVED and CUT, of what counts now and counted before. */
inline check() {
	known = all;
	lost = counts & ~known;
	base = heads;
	i = 1;
	do
	:: i < made ->
		if
		:: HAS(known, i) && word[i] == REMOVE ->
			role_in(known, target[i]);
			assert(role == 0)
		:: HAS(lost, i) && word[i] == REMOVE ->
			/* It was taken back: its signer lost its rights. */
			j = 0; is_good = false;
			do
			:: j < made ->
				is_good = is_good || (HAS(known, j) &&
					takes[j] && target[j] == signer[i]);
				is_good = is_good || (signer[i] == D);
				j++
			:: else -> break
			od;
			assert(is_good)
		:: else
		fi;
		if
		:: HAS(base, i) && (base & (base - 1)) ->
			/* Does every removal by others leave it out? */
			j = 1; is_low = false; is_good = false;
			do
			:: j < made ->
				if
				:: HAS(known, j) && word[j] == REMOVE &&
				   target[j] == signer[i] &&
				   signer[j] != signer[i] &&
				   !HAS(stands[i], j) ->
					is_low = true;
					is_good = is_good || (cut[j] &&
						HAS(stands[cut[j]], i))
				:: else
				fi;
				j++
			:: else -> break
			od;
			assert(!is_low || is_good)
		:: else
		fi;
		i++
	:: else -> break
	od;
	counts = known
}

/* A version by anybody, with any word, on one or two others. */
inline choose_version() {
	if :: signer[made] = A :: signer[made] = B :: signer[made] = C
	   :: signer[made] = D
	fi;
	select(choice : 0 .. made - 1);
	parents[made] = BIT(choice);
	if
	:: skip
	:: select(choice : 0 .. made - 1);
	   parents[made] = parents[made] | BIT(choice)
	fi;
	target[made] = NOBODY; cut[made] = 0;
	if
	:: word[made] = NONE
	:: word[made] = ADMIT; target[made] = D
	:: if :: word[made] = REMOVE :: word[made] = LOWER
	      :: word[made] = RAISE
	   fi;
	   if :: target[made] = A :: target[made] = B :: target[made] = C
	      :: target[made] = D
	   fi;
	   if
	   :: skip
	   :: word[made] != RAISE -> select(choice : 1 .. VERSIONS);
	      if
	      :: choice < made && signer[choice] == target[made] ->
		 cut[made] = choice
	      :: else -> goto done
	      fi
	   fi
	fi;
	skip;
	d_step {
		maximal(parents[made]);
		is_valid = kept == parents[made]
	}
	if
	:: !is_valid -> goto done
	:: else
	fi;
	d_step { judge() }
	if
	:: !is_valid -> goto done
	:: else
	fi
}

init {
	stands[0] = 1; signer[0] = A;
	atomic {
		do
		:: made <= VERSIONS -> choose_version()
		:: else -> break
		od;
	skip;	/* no loop ends in a d_step */
	/* As they were made. */
	d_step {
		here = 1; counts = 1;
		take_all();
		take_all();
		at_first = all;
		/* As anybody likes. */
		here = 1; left = 0; choice = 0
	}
	left = BIT(made) - 2;
	do
	:: left ->
		select(choice : 1 .. VERSIONS);
		if
		:: HAS(left, choice) -> skip
		:: else -> goto done
		fi;
		skip;
		d_step {
			left = left & ~BIT(choice);
			take(choice);
			check()
		}
	:: else -> break
	od;
	skip;
	d_step {
		/* What was refused is shown once more. */
		take_all();
		take_all();
		assert(all == at_first)
	}
	}
done:	skip
}
