/*
 * What a process does so that its secrets stay in it.
 */
#ifndef VV_LIB_SECRET_SECRECY_H
#define VV_LIB_SECRET_SECRECY_H

/*
 * From now on nobody of the same user looks into this process, and a crash
 * leaves no core of it (prctl(2), PR_SET_DUMPABLE): programs that it starts
 * are as ever. One that is traced already, in a debugger, stays so.
 */
void secrecy_begin(void);

#endif
