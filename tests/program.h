// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QStringList>

/// What the program did, seen from outside.
struct ProgramResult
{
    int exitCode = -1; // −1: it crashed or did not end
    QByteArray output;
    QByteArray errors;

    /// Exactly one line on standard error, and nothing else.
    bool oneErrorLine() const { return errors.endsWith('\n') && errors.count('\n') == 1; }
};

inline ProgramResult finishedProgram(QProcess& process)
{
    ProgramResult result;
    if (process.waitForFinished(120000) && process.exitStatus() == QProcess::NormalExit)
        result.exitCode = process.exitCode();
    result.output = process.readAllStandardOutput();
    result.errors = process.readAllStandardError();
    return result;
}

/// Runs `timestep` with these arguments to its end.
inline ProgramResult runProgram(const QStringList& arguments)
{
    QProcess process;
    process.start(TIMESTEP_PROGRAM, arguments);
    return finishedProgram(process);
}
