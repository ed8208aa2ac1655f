def judge_total(marks):
    if len(marks) < 3:
        return 0
    return sum(marks) - max(marks) - min(marks)
